package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import java.util.List;

/**
 * How one of the two CIFAR sets is stored.
 *
 * @param title what people call it
 * @param classes number of classes
 * @param labelBytes label bytes of a record; the last one counts
 * @param train the training files, in order
 * @param test the test file
 * @param trainRecords records of each training file
 * @param testRecords records of the test file
 */
record CifarLayout(
    DataKind kind,
    String title,
    int classes,
    int labelBytes,
    List<String> train,
    String test,
    int trainRecords,
    int testRecords) {

  /** Ten classes in five training files. */
  static final CifarLayout CIFAR10 =
      new CifarLayout(
          DataKind.CIFAR10,
          "CIFAR-10",
          10,
          1,
          List.of(
              "data_batch_1.bin",
              "data_batch_2.bin",
              "data_batch_3.bin",
              "data_batch_4.bin",
              "data_batch_5.bin"),
          "test_batch.bin",
          10_000,
          10_000);

  /** A hundred classes in twenty coarse ones. */
  static final CifarLayout CIFAR100 =
      new CifarLayout(
          DataKind.CIFAR100, "CIFAR-100", 100, 2, List.of("train.bin"), "test.bin", 50_000, 10_000);

  CifarLayout {
    train = List.copyOf(train);
  }

  /** The same with so many records in each file. */
  CifarLayout withRecords(int count) {
    return new CifarLayout(kind, title, classes, labelBytes, train, test, count, count);
  }
}

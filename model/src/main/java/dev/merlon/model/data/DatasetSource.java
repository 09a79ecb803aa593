package dev.merlon.model.data;

import dev.merlon.config.data.DataKind;
import dev.merlon.config.failure.MerlonException;
import java.util.Set;

/**
 * Where a data set comes from: it reads or draws the images on demand. A new source is one new
 * class and one new {@link DataKind}.
 */
public sealed interface DatasetSource
    permits CifarReader, EmbeddedDigits, FolderReader, MnistReader, TinyImageNetReader {

  /** What selects this source in configuration and on the command line. */
  DataKind kind();

  /**
   * Shape of every image. Where the files themselves decide it, they are read for it.
   *
   * @throws MerlonException as {@link #read}
   */
  ImageShape shape();

  /**
   * Number of classes. Where the files themselves decide it, their folders are listed for it.
   *
   * @throws MerlonException as {@link #read}
   */
  int classes();

  /**
   * The parts that {@link #read} gives.
   *
   * @throws MerlonException as {@link #read}
   */
  default Set<DataSplit> parts() {
    return Set.of(DataSplit.TRAIN, DataSplit.TEST);
  }

  /**
   * Reads or draws one part completely.
   *
   * @param split one of {@link #parts()}
   * @throws MerlonException with a data failure that names the file, what is wrong with it and what
   *     to do, or that says that there is no such part
   */
  Dataset read(DataSplit split);

  /** The failure of a data set that has no part of its own of this kind. */
  default MerlonException absent(DataSplit split) {
    return MerlonException.data(
        kind().word() + " has no " + split.label() + " part of its own",
        "Set data." + split.label() + " to hold training images back for it.");
  }
}

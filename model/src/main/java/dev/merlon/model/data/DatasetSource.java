package dev.merlon.model.data;

import dev.merlon.config.DataKind;

/**
 * Where a data set comes from: it knows its shape at once and reads or draws the images on demand.
 * A new source is one new class and one new {@link DataKind}.
 */
public sealed interface DatasetSource permits EmbeddedDigits, MnistReader {

  /** What selects this source in configuration and on the command line. */
  DataKind kind();

  /** Shape of every image, known before anything is read. */
  ImageShape shape();

  /** Number of classes, known before anything is read. */
  int classes();

  /**
   * Reads or draws one part completely; each call does the work anew.
   *
   * @throws dev.merlon.config.MerlonException with a data failure that names the file, what is
   *     wrong with it and what to do
   */
  Dataset read(DataSplit split);
}

package dev.merlon.actors.job;

import dev.merlon.model.data.DataSplit;
import java.nio.file.Path;

/** Where the inputs come from that a user asks about. */
public sealed interface InputSource {

  /**
   * A part of a data set.
   *
   * @param data kind and directory, such as {@code mnist:data/mnist}
   */
  record Stored(String data, DataSplit split) implements InputSource {}

  /**
   * One picture.
   *
   * @param file PNG, JPEG or BMP
   * @param label its class, from 0
   */
  record OneImage(Path file, int label) implements InputSource {}
}

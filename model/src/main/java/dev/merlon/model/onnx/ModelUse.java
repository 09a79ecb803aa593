package dev.merlon.model.onnx;

import java.util.Optional;

/**
 * How a model file is used as a classifier of images: what is not part of the file, but of every
 * question about it.
 *
 * @param input what is done to inputs before the file's graph, in words on one line, if anything is
 * @param threshold what the file's only output is compared with, where it has no other class
 */
public record ModelUse(Optional<String> input, Optional<Threshold> threshold) {
  /** The file as it is. */
  public static final ModelUse PLAIN = new ModelUse(Optional.empty(), Optional.empty());
}

package dev.merlon.actors.cli.option;

import dev.merlon.model.onnx.ImageLayout;
import java.util.Iterator;
import java.util.stream.Stream;

/** The orders of pixels that may be named, for completion. */
final class LayoutWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Stream.of(ImageLayout.values()).map(ImageLayout::word).iterator();
  }
}

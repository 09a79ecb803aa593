package dev.merlon.actors.link;

import dev.merlon.proto.Envelope;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * One message of a link with the tensors that travel beside it.
 *
 * @param envelope names the tensors, in order
 * @param tensors the elements of each, little-endian, last index fastest; as many bytes as its
 *     header says; not changed any more
 */
public record LinkFrame(Envelope envelope, List<ByteBuffer> tensors) {

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException if tensors and headers differ
   */
  public LinkFrame {
    tensors = List.copyOf(tensors);
    if (tensors.size() != envelope.getTensorsCount()) {
      throw new IllegalArgumentException(
          tensors.size() + " tensors for " + envelope.getTensorsCount() + " headers");
    }
    for (int i = 0; i < tensors.size(); i++) {
      if (tensors.get(i).remaining() != envelope.getTensors(i).getBytes()) {
        throw new IllegalArgumentException(
            "tensor "
                + envelope.getTensors(i).getName()
                + " has "
                + tensors.get(i).remaining()
                + " bytes and its header says "
                + envelope.getTensors(i).getBytes());
      }
    }
  }

  /** A message without tensors. */
  public static LinkFrame of(Envelope envelope) {
    return new LinkFrame(envelope, List.of());
  }
}

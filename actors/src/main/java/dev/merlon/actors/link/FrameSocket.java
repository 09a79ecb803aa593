package dev.merlon.actors.link;

import dev.merlon.proto.Envelope;
import dev.merlon.proto.TensorHeader;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Frames over a stream of bytes: the envelope's length in four bytes (little-endian), the envelope,
 * and the bytes of its tensors. One thread may send while another receives.
 */
final class FrameSocket implements AutoCloseable {
  /** Bytes of the largest envelope; what is larger belongs into tensors. */
  static final int LARGEST_ENVELOPE = 64 << 20;

  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 64L;

  // The JDK copies what is read and written through native memory of the same size, once for each
  // thread.
  private static final int AT_ONCE = 1 << 20;

  private final ByteChannel channel;
  private final long mostTensorBytes;
  private final Object sending = new Object();

  /**
   * Over a channel that blocks.
   *
   * @param mostTensorBytes what the tensors of one frame that is received may have together
   */
  FrameSocket(ByteChannel channel, long mostTensorBytes) {
    this.channel = channel;
    this.mostTensorBytes = mostTensorBytes;
  }

  /**
   * Sends a frame and returns when the system has taken all of it.
   *
   * @throws IOException when the other end is gone, or the envelope is too large
   */
  void send(LinkFrame frame) throws IOException {
    int size = frame.envelope().getSerializedSize();
    if (size > LARGEST_ENVELOPE) {
      throw new ProtocolException("an envelope of " + size + " bytes is too large");
    }
    ByteBuffer head = ByteBuffer.allocate(Integer.BYTES + size).order(ByteOrder.LITTLE_ENDIAN);
    head.putInt(size).put(frame.envelope().toByteArray()).flip();
    synchronized (sending) {
      writeAll(head);
      for (ByteBuffer tensor : frame.tensors()) {
        writeAll(tensor.duplicate());
      }
    }
  }

  /**
   * Waits for a frame.
   *
   * @return empty when the other end closed its side between two frames
   * @throws IOException when it is gone in the middle of one, or sent what is no frame
   */
  Optional<LinkFrame> receive() throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    while (length.hasRemaining()) {
      if (channel.read(length) < 0) {
        if (length.position() == 0) {
          return Optional.empty();
        }
        throw new EOFException("the other end is gone in the middle of a message");
      }
    }
    Envelope envelope = Envelope.parseFrom(readAll(atMost(length.getInt(0), LARGEST_ENVELOPE)));
    long left = mostTensorBytes;
    for (TensorHeader header : envelope.getTensorsList()) {
      left -= atMost(header.getBytes(), Math.min(left, LARGEST_ARRAY));
    }
    List<ByteBuffer> tensors = new ArrayList<>(envelope.getTensorsCount());
    for (TensorHeader header : envelope.getTensorsList()) {
      tensors.add(readAll((int) header.getBytes()).order(ByteOrder.LITTLE_ENDIAN));
    }
    return Optional.of(new LinkFrame(envelope, tensors));
  }

  private static int atMost(long bytes, long most) throws ProtocolException {
    if (bytes < 0 || bytes > most) {
      throw new ProtocolException("a part of " + bytes + " bytes is no part of a message");
    }
    return (int) bytes;
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + AT_ONCE));
      channel.write(bytes);
    }
  }

  private ByteBuffer readAll(int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size);
    while (bytes.position() < size) {
      bytes.limit(Math.min(size, bytes.position() + AT_ONCE));
      if (channel.read(bytes) < 0) {
        throw new EOFException("the other end is gone in the middle of a message");
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

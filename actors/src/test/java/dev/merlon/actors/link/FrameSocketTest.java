package dev.merlon.actors.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.proto.ElementType;
import dev.merlon.proto.Envelope;
import dev.merlon.proto.FailureReport;
import dev.merlon.proto.TensorHeader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ProtocolException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrameSocketTest {
  private static final long MOST = 8 << 20;

  private SocketChannel left;
  private SocketChannel right;

  @BeforeEach
  void connect() throws IOException {
    try (LinkFolder links = LinkFolder.make();
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      UnixDomainSocketAddress address = UnixDomainSocketAddress.of(links.next());
      server.bind(address);
      left = SocketChannel.open(address);
      right = server.accept();
    }
  }

  @AfterEach
  void close() throws IOException {
    left.close();
    right.close();
  }

  @Test
  void receive_framesWithTensorsOfAllSizes_areTheSameBytesInOrder() throws Exception {
    Random random = new Random(7);
    List<LinkFrame> frames =
        List.of(
            frame(random, 0),
            frame(random),
            frame(random, 1, 0, 3),
            frame(random, (3 << 20) + 5, 1 << 20));
    FrameSocket sending = new FrameSocket(left, MOST);
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(() -> frames.forEach(frame -> send(sending, frame)));

    FrameSocket receiving = new FrameSocket(right, MOST);

    for (LinkFrame frame : frames) {
      assertThat(receiving.receive()).contains(frame);
    }
    sent.join();
  }

  @Test
  void receive_otherSideClosedBetweenFrames_isTheEnd() throws Exception {
    new FrameSocket(left, MOST).close();

    assertThat(new FrameSocket(right, MOST).receive()).isEmpty();
  }

  @Test
  void receive_otherSideGoneInEveryPlaceOfAFrame_isNoFrame() throws Exception {
    byte[] bytes = bytes(frame(new Random(3), 40));
    for (int length = 1; length < bytes.length; length++) {
      close();
      connect();
      left.write(ByteBuffer.wrap(bytes, 0, length));
      left.close();

      FrameSocket receiving = new FrameSocket(right, MOST);
      assertThatThrownBy(receiving::receive).as("%d bytes", length).isInstanceOf(IOException.class);
    }
  }

  @Test
  void receive_moreTensorBytesThanAllowed_areRefusedBeforeTheyAreRead() throws Exception {
    left.write(ByteBuffer.wrap(head(frame(new Random(1), 600, 500))));

    assertThatThrownBy(new FrameSocket(right, 1000)::receive)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("500");
  }

  @Test
  void receive_lengthThatNoEnvelopeHas_isRefused() throws Exception {
    for (int length : new int[] {-1, Integer.MIN_VALUE, FrameSocket.LARGEST_ENVELOPE + 1}) {
      left.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, length));

      assertThatThrownBy(new FrameSocket(right, MOST)::receive)
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  void receive_bytesThatAreNoEnvelope_areRefused() throws Exception {
    left.write(ByteBuffer.wrap(new byte[] {3, 0, 0, 0, -1, -1, -1}));

    assertThatThrownBy(new FrameSocket(right, MOST)::receive)
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(EOFException.class);
  }

  @Test
  void frame_tensorsThatAreNotThoseOfItsHeaders_isRefused() {
    Envelope envelope = frame(new Random(2), 4).envelope();

    assertThatThrownBy(() -> new LinkFrame(envelope, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LinkFrame(envelope, List.of(ByteBuffer.allocate(3))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static void send(FrameSocket socket, LinkFrame frame) {
    try {
      socket.send(frame);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** What is sent, before the bytes of tensors. */
  private static byte[] head(LinkFrame frame) {
    byte[] envelope = frame.envelope().toByteArray();
    return ByteBuffer.allocate(4 + envelope.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(envelope.length)
        .put(envelope)
        .array();
  }

  private static byte[] bytes(LinkFrame frame) {
    byte[] head = head(frame);
    ByteBuffer all =
        ByteBuffer.allocate(
            head.length + frame.tensors().stream().mapToInt(ByteBuffer::remaining).sum());
    all.put(head);
    frame.tensors().forEach(tensor -> all.put(tensor.duplicate()));
    return all.array();
  }

  private static LinkFrame frame(Random random, int... sizes) {
    Envelope.Builder envelope =
        Envelope.newBuilder()
            .setOrder(random.nextInt(100))
            .setFailed(FailureReport.newBuilder().setMessage("größer"));
    List<ByteBuffer> tensors = new ArrayList<>();
    for (int size : sizes) {
      byte[] bytes = new byte[size];
      random.nextBytes(bytes);
      tensors.add(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN));
      envelope.addTensors(
          TensorHeader.newBuilder()
              .setName("t" + size)
              .setElementType(ElementType.FLOAT32)
              .setBytes(size));
    }
    return new LinkFrame(envelope.build(), tensors);
  }
}

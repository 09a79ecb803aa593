package dev.merlon.actors.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.merlon.proto.Envelope;
import dev.merlon.proto.Hello;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Where one child is waited for: a socket that takes two connections, for control and for bulk,
 * from whoever knows the secret, and then no more.
 */
final class LinkSocket implements AutoCloseable {
  private static final int SECRET_BYTES = 16;

  private final Path path;
  private final String secret;
  private final long mostTensorBytes;
  private final ServerSocketChannel server;

  /** Both connections of a child. */
  record Connected(FrameSocket control, FrameSocket bulk) {}

  private LinkSocket(Path path, String secret, long mostTensorBytes, ServerSocketChannel server) {
    this.path = path;
    this.secret = secret;
    this.mostTensorBytes = mostTensorBytes;
    this.server = server;
  }

  /**
   * Listens at a path.
   *
   * @param mostTensorBytes what the tensors of one frame of the child may have together
   * @throws IOException when that is not possible
   */
  static LinkSocket listen(Path path, long mostTensorBytes) throws IOException {
    byte[] secret = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(secret);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      server.bind(UnixDomainSocketAddress.of(path), 4);
    } catch (IOException | RuntimeException failed) {
      server.close();
      throw failed;
    }
    return new LinkSocket(path, HexFormat.of().formatHex(secret), mostTensorBytes, server);
  }

  Path path() {
    return path;
  }

  /** What the child has to know. */
  String secret() {
    return secret;
  }

  /**
   * Waits for both connections; connections that do not know the secret are closed.
   *
   * @throws ClosedChannelException when the socket was closed meanwhile
   * @throws IOException when there is no more waiting
   */
  Connected accept() throws IOException {
    Optional<FrameSocket> control = Optional.empty();
    Optional<FrameSocket> bulk = Optional.empty();
    try {
      while (control.isEmpty() || bulk.isEmpty()) {
        FrameSocket socket = new FrameSocket(server.accept(), mostTensorBytes);
        switch (laneOf(socket)) {
          case CONTROL -> control = replaced(control, socket);
          case BULK -> bulk = replaced(bulk, socket);
          case LANE_UNSPECIFIED, UNRECOGNIZED -> socket.close();
        }
      }
      return new Connected(control.get(), bulk.get());
    } catch (IOException | RuntimeException failed) {
      close(control);
      close(bulk);
      throw failed;
    }
  }

  private static Optional<FrameSocket> replaced(Optional<FrameSocket> earlier, FrameSocket socket)
      throws IOException {
    close(earlier);
    return Optional.of(socket);
  }

  private static void close(Optional<FrameSocket> socket) throws IOException {
    if (socket.isPresent()) {
      socket.get().close();
    }
  }

  private Hello.Lane laneOf(FrameSocket socket) {
    try {
      Hello hello =
          socket
              .receive()
              .map(frame -> frame.envelope().getHello())
              .orElse(Hello.getDefaultInstance());
      boolean known =
          MessageDigest.isEqual(hello.getSecret().getBytes(UTF_8), secret.getBytes(UTF_8));
      return known ? hello.getLane() : Hello.Lane.LANE_UNSPECIFIED;
    } catch (IOException noChild) {
      return Hello.Lane.LANE_UNSPECIFIED;
    }
  }

  /**
   * The child's side: connects one lane.
   *
   * @throws IOException when nobody listens
   */
  static FrameSocket connect(Path path, String secret, Hello.Lane lane, long mostTensorBytes)
      throws IOException {
    SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    FrameSocket socket = new FrameSocket(channel, mostTensorBytes);
    try {
      Hello hello =
          Hello.newBuilder()
              .setSecret(secret)
              .setLane(lane)
              .setPid(ProcessHandle.current().pid())
              .build();
      socket.send(LinkFrame.of(Envelope.newBuilder().setHello(hello).build()));
      return socket;
    } catch (IOException | RuntimeException failed) {
      socket.close();
      throw failed;
    }
  }

  /** Takes no more connections; those that were taken live on. */
  @Override
  public void close() throws IOException {
    server.close();
    Files.deleteIfExists(path);
  }
}

package dev.merlon.model.data.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;

/** Gets bytes from a place. */
interface Transport {

  /**
   * Asks for a file from a byte on.
   *
   * @param from the first byte wanted; 0 = all
   * @throws MirrorRefused if asking again would not help
   * @throws IOException if it may help
   */
  Reply open(URI place, long from) throws IOException, InterruptedException;

  /** A file's bytes as they come. Closed by whoever asked; closing early is not an error. */
  interface Reply extends AutoCloseable {

    /** The first byte that comes: the one asked for, or 0 where the server sends everything. */
    long from();

    /** The length of the whole file, if the server says it. */
    OptionalLong total();

    /**
     * The next bytes; empty at the end.
     *
     * @throws IOException if the connection breaks or nothing comes for too long
     */
    List<ByteBuffer> next() throws IOException, InterruptedException;

    @Override
    void close();
  }

  /** A mirror does not have the file, or another one under its name. */
  final class MirrorRefused extends IOException {
    private static final long serialVersionUID = 1L;

    MirrorRefused(String message) {
      super(message);
    }
  }
}

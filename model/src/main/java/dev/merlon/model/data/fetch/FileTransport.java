package dev.merlon.model.data.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalLong;

/** Gets files from a directory, such as a mounted share. */
final class FileTransport implements Transport {
  private static final int PIECE = 1 << 20;

  @Override
  public Reply open(URI place, long from) throws IOException {
    Path file = Path.of(place);
    if (!Files.isRegularFile(file)) {
      throw new MirrorRefused("there is no such file");
    }
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    long size = channel.size();
    long start = from <= size ? from : 0;
    channel.position(start);
    return new FileReply(start, OptionalLong.of(size), channel);
  }

  private record FileReply(long from, OptionalLong total, FileChannel channel) implements Reply {
    @Override
    public List<ByteBuffer> next() throws IOException {
      ByteBuffer piece = ByteBuffer.allocate(PIECE);
      int read = channel.read(piece);
      return read < 0 ? List.of() : List.of(piece.flip());
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException unimportant) {
        // It was only read.
      }
    }
  }
}

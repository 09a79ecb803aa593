package dev.merlon.model.file;

import dev.merlon.config.failure.MerlonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A file that nobody else holds as long as it is open: no other process of this host, and nobody
 * else in this one. The lock belongs to the process and is gone with it, however it ends. Who holds
 * a file lies beside it in a file of the same name with {@link #HOLDER}.
 */
public final class HeldFile implements AutoCloseable {
  /** The ending of the file that says who holds another. */
  public static final String HOLDER = ".holder";

  // Behind all content, so that others can read the file where locks are mandatory.
  private static final long BEHIND_CONTENT = Long.MAX_VALUE - 1;

  // Some systems give up a lock when its process closes any handle of the file: what this process
  // holds must not be opened once more to find out.
  private static final Set<Object> HELD = new HashSet<>();

  private final FileChannel channel;
  private final Path holder;
  private final Object key;

  private HeldFile(FileChannel channel, Path holder, Object key) {
    this.channel = channel;
    this.holder = holder;
    this.key = key;
  }

  /**
   * Takes a file; one that does not exist is made, its directory must be there.
   *
   * @param taken what is thrown where somebody else holds it, given who that is, such as {@code
   *     process 4711, since 2026-01-31T12:00:00Z}
   */
  public static HeldFile take(Path file, Function<String, MerlonException> taken)
      throws IOException {
    synchronized (HELD) {
      if (Files.exists(file) && HELD.contains(key(file))) {
        throw taken.apply("this process");
      }
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        Path real = file.toRealPath();
        Path holder = real.resolveSibling(real.getFileName() + HOLDER);
        if (channel.tryLock(BEHIND_CONTENT, 1, false) == null) {
          throw taken.apply(words(holder));
        }
        Files.writeString(holder, self());
        Object key = key(file);
        HELD.add(key);
        return new HeldFile(channel, holder, key);
      } catch (IOException | RuntimeException failed) {
        channel.close();
        throw failed;
      }
    }
  }

  /** The file's content, open for reading and writing; owned by this. */
  public FileChannel channel() {
    return channel;
  }

  /** Lets others have the file. */
  @Override
  public void close() throws IOException {
    synchronized (HELD) {
      try (channel) {
        if (channel.isOpen()) {
          Files.deleteIfExists(holder);
        }
      } finally {
        HELD.remove(key);
      }
    }
  }

  private static Object key(Path file) throws IOException {
    return Optional.<Object>ofNullable(
            Files.readAttributes(file, BasicFileAttributes.class).fileKey())
        .orElse(file.toRealPath());
  }

  private static String self() {
    OffsetDateTime now = OffsetDateTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    return "process " + ProcessHandle.current().pid() + ", since " + now + "\n";
  }

  private static String words(Path holder) throws IOException {
    String written = Files.exists(holder) ? Files.readString(holder).strip() : "";
    return written.isEmpty() ? "another process" : written;
  }
}

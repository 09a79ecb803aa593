package dev.merlon.model.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checkpoints of one run, files named by their place such as {@code
 * step-000000469-epoch-0001.merlon}. One writer at a time; readers may come at any moment, for a
 * file has its name only when it is complete.
 */
public final class CheckpointStore {
  private static final Pattern NAME = Pattern.compile("step-\\d{9,}-epoch-\\d{4,}\\.merlon");

  // Longer numbers are larger ones, whatever their first digit.
  private static final Comparator<Path> OLDEST_FIRST =
      Comparator.<Path>comparingInt(file -> file.getFileName().toString().length())
          .thenComparing(file -> file.getFileName().toString());

  private final Path directory;
  private final int keep;

  /**
   * A store of files in a directory, made with the first save.
   *
   * @param keep how many of the newest checkpoints stay; at least 1
   */
  public CheckpointStore(Path directory, int keep) {
    if (keep < 1) {
      throw new IllegalArgumentException("at least one checkpoint must stay, not " + keep);
    }
    this.directory = directory;
    this.keep = keep;
  }

  /**
   * What was found when looking for the newest checkpoint.
   *
   * @param found the newest good one; empty where there is none
   * @param skipped newer ones that cannot be used, newest first
   */
  public record Recovery(Optional<Found> found, List<Skipped> skipped) {}

  /** A good checkpoint. */
  public record Found(Path file, TrainingSnapshot snapshot) {}

  /** A file that has the name of a checkpoint but is none. */
  public record Skipped(Path file, String problem) {}

  /**
   * Saves a snapshot: written beside, synced, read back and checked, renamed. Then removes older
   * checkpoints than the newest {@code keep}. A save of an equal place replaces the file.
   *
   * @return the file
   * @throws IOException if it cannot be written or does not read back as written; every earlier
   *     checkpoint is then still there
   */
  public Path save(TrainingSnapshot snapshot) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(name(snapshot.cursor()));
    AtomicFile.write(file, out -> CheckpointFormat.write(snapshot, out), CheckpointFormat::verify);
    removeOlderThan(file);
    return file;
  }

  /**
   * Reads one checkpoint.
   *
   * @throws DamagedCheckpoint if the file is not a complete, unchanged checkpoint
   * @throws dev.merlon.config.failure.MerlonException (model format) if a newer Merlon wrote it
   * @throws IOException if it cannot be read
   */
  public static TrainingSnapshot read(Path file) throws IOException {
    return CheckpointFormat.read(file);
  }

  /**
   * Reads the newest checkpoint whose every byte is as it was written.
   *
   * @throws dev.merlon.config.failure.MerlonException (model format) if the newest undamaged one
   *     was written by a newer Merlon
   * @throws IOException if the directory cannot be listed
   */
  public Recovery newest() throws IOException {
    List<Skipped> skipped = new ArrayList<>();
    List<Path> files = files();
    for (int i = files.size() - 1; i >= 0; i--) {
      Path file = files.get(i);
      try {
        return new Recovery(
            Optional.of(new Found(file, CheckpointFormat.read(file))), List.copyOf(skipped));
      } catch (IOException unusable) {
        skipped.add(new Skipped(file, String.valueOf(unusable.getMessage())));
      }
    }
    return new Recovery(Optional.empty(), List.copyOf(skipped));
  }

  /** The files that have the name of a checkpoint, oldest place first; not looked into. */
  public List<Path> files() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted(OLDEST_FIRST)
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  private void removeOlderThan(Path newest) throws IOException {
    List<Path> older =
        files().stream().filter(file -> OLDEST_FIRST.compare(file, newest) < 0).toList();
    for (Path file : older.subList(0, Math.max(0, older.size() - (keep - 1)))) {
      Files.deleteIfExists(file);
    }
  }

  private static String name(RunCursor cursor) {
    return String.format(
        Locale.ROOT, "step-%09d-epoch-%04d.merlon", cursor.globalStep(), cursor.epoch());
  }
}

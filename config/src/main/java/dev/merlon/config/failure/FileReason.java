package dev.merlon.config.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;

/** Why the file system refused something, in the words of people and without the path. */
public final class FileReason {
  private FileReason() {}

  /** Such as {@code no space left on device}; goes on after a colon. */
  public static String of(Throwable problem) {
    if (problem instanceof UncheckedIOException
        && problem.getCause() instanceof IOException inner) {
      return of(inner);
    }
    if (problem instanceof NoSuchFileException) {
      return "no such file or directory";
    }
    if (problem instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (problem instanceof FileAlreadyExistsException) {
      return "a file of that name is in the way";
    }
    if (problem instanceof FileSystemException refused) {
      return Optional.ofNullable(refused.getReason()).map(FileReason::inside).orElse("refused");
    }
    String kind = problem.getClass().getSimpleName();
    Optional<String> message = Optional.ofNullable(problem.getMessage());
    return problem instanceof IOException
        ? message.map(FileReason::inside).orElse(kind)
        : kind + message.map(text -> ": " + text).orElse("");
  }

  /** Whether there was no room. */
  public static boolean isFullDisk(Throwable problem) {
    String reason = of(problem).toLowerCase(Locale.ROOT);
    return reason.contains("no space left") || reason.contains("quota exceeded");
  }

  private static String inside(String sentence) {
    return sentence.matches("[A-Z][a-z].*")
        ? sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1)
        : sentence;
  }
}

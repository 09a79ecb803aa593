package dev.merlon.config.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FileReasonTest {
  static Stream<Arguments> problems() {
    return Stream.of(
        Arguments.of(new IOException("No space left on device"), "no space left on device"),
        Arguments.of(new UncheckedIOException(new IOException("Broken pipe")), "broken pipe"),
        Arguments.of(new NoSuchFileException("/a/b"), "no such file or directory"),
        Arguments.of(new AccessDeniedException("/a/b"), "permission denied"),
        Arguments.of(new FileAlreadyExistsException("/a/b"), "a file of that name is in the way"),
        Arguments.of(new FileSystemException("/a", "/b", "Is a directory"), "is a directory"),
        Arguments.of(new FileSystemException("/a"), "refused"),
        Arguments.of(new IOException(), "IOException"),
        Arguments.of(new IllegalStateException("Closed"), "IllegalStateException: Closed"));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void of_problem_saysWhyWithoutPathsAndClassNames(Exception problem, String words) {
    assertThat(FileReason.of(problem)).isEqualTo(words);
  }
}

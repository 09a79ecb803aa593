package dev.merlon.model.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.merlon.config.failure.MerlonException;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"https://host/a/b", "https://host/a/b/"})
  void parse_address_endsWithOneSlash(String text) {
    assertThat(Mirror.parse(text)).isEqualTo(URI.create("https://host/a/b/"));
  }

  @Test
  void parse_directory_isAFileAddress() {
    assertThat(Path.of(Mirror.parse(directory.toString()))).isEqualTo(directory);
    assertThat(Path.of(Mirror.parse(directory.toUri().toString()))).isEqualTo(directory);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ftp://host/", "https:///x", "https://host/?q=1", "no-such-directory", ""})
  void parse_somethingElse_isRefused(String text) {
    assertThatThrownBy(() -> Mirror.parse(text)).isInstanceOf(MerlonException.class);
  }
}

package dev.merlon.model.data.fetch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A note in a data set's directory that says what was unpacked there, so that it can be checked
 * later without the archive, and that files of a broken unpacking may be replaced.
 *
 * @param archive SHA-256 of the archive
 * @param contents {@link Contents#digest} of what was unpacked; empty = the unpacking did not end
 */
record Receipt(String archive, Optional<String> contents) {
  static final String NAME = ".merlon-fetch.json";
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The receipt in a directory; empty if there is none that can be understood. */
  static Optional<Receipt> in(Path directory) throws IOException {
    Path file = directory.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    JsonNode fields = MAPPER.readTree(Files.readString(file));
    return fields.path("archive").isTextual()
        ? Optional.of(
            new Receipt(
                fields.path("archive").asText(),
                Optional.of(fields.path("contents").asText()).filter(text -> !text.isEmpty())))
        : Optional.empty();
  }

  /** Writes the receipt, in one step. */
  void put(Path directory) throws IOException {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("archive", archive);
    contents.ifPresent(digest -> fields.put("contents", digest));
    Path written = directory.resolve(NAME + ".new");
    Files.writeString(written, MAPPER.writeValueAsString(fields) + "\n");
    Files.move(written, directory.resolve(NAME), StandardCopyOption.ATOMIC_MOVE);
  }
}

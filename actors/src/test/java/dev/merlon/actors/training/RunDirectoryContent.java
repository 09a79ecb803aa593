package dev.merlon.actors.training;

import static java.util.Comparator.reverseOrder;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a run left in its directory.
 *
 * @param files bytes of models, by name
 * @param checkpoints names
 * @param metrics lines without what depends on the clock
 */
record RunDirectoryContent(
    Map<String, List<Byte>> files, List<String> checkpoints, List<ObjectNode> metrics) {
  private static final ObjectMapper JSON = new ObjectMapper();

  static RunDirectoryContent of(Path directory) throws IOException {
    Map<String, List<Byte>> models = new TreeMap<>();
    List<String> checkpoints = new ArrayList<>();
    for (Path file : files(directory)) {
      String name = directory.relativize(file).toString();
      if (name.endsWith(".onnx")) {
        models.put(name, bytes(file));
      } else if (name.startsWith("checkpoints")) {
        checkpoints.add(name);
      }
    }
    return new RunDirectoryContent(
        models, checkpoints.stream().sorted().toList(), lines(directory));
  }

  /** Deletes everything in a directory. */
  static void clear(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path file :
          all.filter(path -> !path.equals(directory)).sorted(reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static List<Byte> bytes(Path file) throws IOException {
    List<Byte> bytes = new ArrayList<>();
    for (byte one : Files.readAllBytes(file)) {
      bytes.add(one);
    }
    return bytes;
  }

  private static List<ObjectNode> lines(Path directory) throws IOException {
    List<ObjectNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("metrics.jsonl"))) {
      ObjectNode node = (ObjectNode) JSON.readTree(line);
      node.remove(List.of("seconds", "images-per-second", "merge-seconds"));
      lines.add(node);
    }
    return lines;
  }
}

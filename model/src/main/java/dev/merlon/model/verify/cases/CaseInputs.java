package dev.merlon.model.verify.cases;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.data.Dataset;
import dev.merlon.model.data.ImageShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The inputs that cases are about: {@code NAME.json} with shape and first index, and beside it a
 * file of bytes, of which each value {@code u} stands for {@code u / 255} as float32.
 *
 * @param first the number of the first input
 * @param images the inputs; their labels mean nothing
 */
record CaseInputs(int first, Dataset images) {
  private static final int AXES = 4;

  /** Reads description and bytes. */
  static CaseInputs read(Path description) {
    JsonNode json = CaseProblem.json(description);
    Path bytes = description.resolveSibling(text(description, json, "file"));
    int[] shape = shape(description, json);
    int first = json.path("first_index").asInt(0);
    if (json.has("dtype") && !json.path("dtype").asText().equals("uint8")) {
      throw CaseProblem.of(description, "dtype is " + json.path("dtype") + ", not \"uint8\"");
    }
    byte[] pixels = pixels(bytes);
    long expected = IntStream.of(shape).asLongStream().reduce(1, Math::multiplyExact);
    if (pixels.length != expected) {
      throw CaseProblem.of(
          bytes,
          String.format(
              Locale.ROOT, "has %d bytes, not the %d of its shape", pixels.length, expected));
    }
    ImageShape image = new ImageShape(shape[1], shape[2], shape[3]);
    int[] labels = new int[shape[0]];
    String name = String.valueOf(description.getFileName());
    return new CaseInputs(first, Dataset.of(name, DataSplit.TEST, image, 1, pixels, labels));
  }

  /** Whether there is an input of this number. */
  boolean has(int index) {
    return index >= first && index - first < images.size();
  }

  /** The input of this number, flat {@code [C,H,W]}. */
  float[] input(int index) {
    return images.image(index - first);
  }

  /** Which numbers there are, for messages. */
  String range() {
    return first + " to " + (first + images.size() - 1);
  }

  private static int[] shape(Path description, JsonNode json) {
    JsonNode extents = json.path("shape");
    boolean counts = extents.isArray() && extents.size() >= 2 && extents.size() <= AXES;
    for (JsonNode extent : extents) {
      counts &= extent.canConvertToInt() && extent.intValue() > 0;
    }
    if (!counts) {
      throw CaseProblem.of(
          description,
          "shape is " + extents + ", not the extents of [N,C,H,W], such as [40,1,28,28]");
    }
    int[] shape = {extents.get(0).intValue(), 1, 1, 1};
    int missing = AXES - extents.size();
    for (int axis = 1; axis < extents.size(); axis++) {
      shape[missing + axis] = extents.get(axis).intValue();
    }
    return shape;
  }

  private static String text(Path description, JsonNode json, String field) {
    if (!json.path(field).isTextual()) {
      throw CaseProblem.of(
          description, "'" + field + "' is missing: the name of the file of bytes");
    }
    return json.path(field).asText();
  }

  private static byte[] pixels(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException unreadable) {
      throw CaseProblem.unreadable(file, unreadable);
    }
  }
}

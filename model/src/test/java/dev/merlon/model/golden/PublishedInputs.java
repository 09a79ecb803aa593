package dev.merlon.model.golden;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * Images that published models are asked about: a description {@code NAME.json} beside their bytes,
 * channel by channel. An image is known by its number in the data set that it comes from.
 */
public final class PublishedInputs {
  private final Path file;
  private final JsonNode description;
  private final byte[] bytes;

  private PublishedInputs(Path file, JsonNode description, byte[] bytes) {
    this.file = file;
    this.description = description;
    this.bytes = bytes;
  }

  /** Reads a description and its images; fails where they do not belong together. */
  public static PublishedInputs read(Path file) {
    JsonNode description = PublishedFolder.json(file);
    try {
      byte[] bytes =
          Files.readAllBytes(file.resolveSibling(description.path("file").asText("no file")));
      PublishedInputs inputs = new PublishedInputs(file, description, bytes);
      inputs.check();
      return inputs;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void check() {
    long elements = 1;
    for (JsonNode extent : description.path("shape")) {
      elements *= extent.asLong();
    }
    boolean whole =
        description.path("first_index").isInt()
            && description.path("dtype").asText().equals("uint8")
            && count() > 0
            && description.path("shape").path(0).asInt() == count()
            && description.path("labels").size() == count()
            && elements == bytes.length;
    if (!whole) {
      throw new IllegalStateException(file + " does not describe " + bytes.length + " bytes");
    }
  }

  /** Name of the data set, letters and digits only, in lower case. */
  String dataset() {
    return PublishedFolder.plain(description.path("dataset").asText());
  }

  /** Shape of an image, {@code (C, H, W)}. */
  public Shape image() {
    long[] extents = new long[description.path("shape").size() - 1];
    for (int i = 0; i < extents.length; i++) {
      extents[i] = description.path("shape").get(i + 1).asLong();
    }
    return new Shape(extents);
  }

  /** Numbers of the images, ascending. */
  public IntStream indices() {
    int first = description.path("first_index").asInt();
    return IntStream.range(first, first + count());
  }

  /** The class of an image. */
  public int label(int index) {
    return description.path("labels").get(place(index)).asInt();
  }

  /**
   * One image as a model takes it, pixels in {@code [0, 1]}.
   *
   * @param index number of the image
   * @param sample shape that the model takes; one that ends in the number of channels, of several,
   *     has its channels last
   */
  public double[] pixels(int index, Shape sample) {
    int size = Math.toIntExact(image().size());
    if (sample.size() != size) {
      throw new IllegalArgumentException(file + ": no images for a model of " + sample);
    }
    int channels = Math.toIntExact(image().get(0));
    boolean last = channels > 1 && sample.dimension() == 3 && sample.get(2) == channels;
    int plane = size / channels;
    int start = place(index) * size;
    double[] input = new double[size];
    for (int i = 0; i < size; i++) {
      int at = last ? i % plane * channels + i / plane : i;
      input[at] = (bytes[start + i] & 0xff) / 255.0;
    }
    return input;
  }

  /** As {@link #pixels}, rounded to float32 as ONNX Runtime takes them. */
  public float[] floats(int index, Shape sample) {
    double[] exact = pixels(index, sample);
    float[] rounded = new float[exact.length];
    for (int i = 0; i < rounded.length; i++) {
      rounded[i] = (float) exact[i];
    }
    return rounded;
  }

  private int count() {
    return description.path("count").asInt();
  }

  private int place(int index) {
    int place = index - description.path("first_index").asInt();
    if (place < 0 || place >= count()) {
      throw new IllegalArgumentException(file + " has no image " + index);
    }
    return place;
  }
}

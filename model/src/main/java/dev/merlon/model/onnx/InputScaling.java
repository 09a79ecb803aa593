package dev.merlon.model.onnx;

import ai.djl.ndarray.types.Shape;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.network.operation.Normalize;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is done to pixels before a model file is given them: {@code (range x - mean) / std} for a
 * pixel {@code x} of {@code [0,1]}, computed in float64 and rounded to float32 once.
 *
 * @param range largest value of a pixel where the model's are not in {@code [0,1]}, such as 255
 * @param mean one value for all channels or one for each, for pixels from 0 to {@code range}
 * @param std as many positive values
 */
public record InputScaling(double range, List<Double> mean, List<Double> std) {
  private static final String NUMBER = "-?(?:\\d+\\.?\\d*|\\.\\d+)(?:[eE]-?\\d+)?";
  private static final String LIST = NUMBER + "(?:," + NUMBER + ")*";
  private static final Pattern NORMALISED =
      Pattern.compile("mean=(" + LIST + "),std=(" + LIST + ")");

  /** Pixels as they are. */
  public static final InputScaling NONE = new InputScaling(1, List.of(0.0), List.of(1.0));

  /** Copies the lists and checks that pixels stay float32 numbers. */
  public InputScaling {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    require(
        !mean.isEmpty() && mean.size() == std.size(),
        "has " + mean.size() + " means and " + std.size() + " deviations");
    require(std.stream().allMatch(s -> s > 0), "has a deviation that is not above 0");
    for (int channel = 0; channel < mean.size(); channel++) {
      double largest = (range + Math.abs(mean.get(channel))) / std.get(channel);
      require(largest < Float.MAX_VALUE / 2, "makes pixels larger than float32 numbers can be");
    }
  }

  /**
   * What a user wrote.
   *
   * @param normalised {@code mean=0.5,std=0.25}, with further values behind commas
   * @param range {@code 0..1} or {@code 0..255}
   * @throws MerlonException (configuration) when it is anything else
   */
  public static InputScaling parse(Optional<String> normalised, Optional<String> range) {
    double largest = range.map(InputScaling::largest).orElse(NONE.range);
    if (normalised.isEmpty()) {
      return new InputScaling(largest, NONE.mean, NONE.std);
    }
    Matcher parts = NORMALISED.matcher(normalised.get());
    require(parts.matches(), "'" + normalised.get() + "' has no such form");
    return new InputScaling(largest, numbers(parts.group(1)), numbers(parts.group(2)));
  }

  /** Whether pixels stay as they are. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** How it is written on the command line and in results files. */
  @Override
  public String toString() {
    String normalised = "mean=" + joined(mean) + ",std=" + joined(std);
    boolean plain = mean.equals(NONE.mean) && std.equals(NONE.std);
    return Stream.of(range == 1 ? "" : "0.." + number(range), plain ? "" : normalised)
        .filter(part -> !part.isEmpty())
        .collect(Collectors.joining(" "));
  }

  /**
   * The same as an operation, which rounds its values outside of the model.
   *
   * @throws MerlonException (configuration) when it has values for another number of channels
   */
  Normalize operation(int channels) {
    if (mean.size() != 1 && mean.size() != channels) {
      throw MerlonException.configuration(
          String.format(
              Locale.ROOT,
              "The normalisation has %d values, but the images have %d channels",
              mean.size(),
              channels),
          "Give one value for all channels, or one for each.");
    }
    return new Normalize(each(mean, channels), each(std, channels), true);
  }

  /**
   * What the model file is given.
   *
   * @param inputs samples one after another
   * @param image shape of a sample, {@code (C, H, W)}
   */
  float[] applied(float[] inputs, Shape image) {
    int plane = Math.toIntExact(image.size() / image.get(0));
    float[] scaled = new float[inputs.length];
    for (int i = 0; i < inputs.length; i++) {
      int channel = mean.size() == 1 ? 0 : i / plane % mean.size();
      scaled[i] = (float) ((range * inputs[i] - mean.get(channel)) / std.get(channel));
    }
    return scaled;
  }

  private List<Double> each(List<Double> values, int channels) {
    List<Double> ofRange = values.stream().map(value -> value / range).toList();
    return ofRange.size() == channels ? ofRange : Collections.nCopies(channels, ofRange.get(0));
  }

  private static double largest(String range) {
    return switch (range) {
      case "0..1" -> 1;
      case "0..255" -> 255;
      default ->
          throw MerlonException.configuration(
              "'" + range + "' is no range of pixels", "Use 0..1 or 0..255.");
    };
  }

  private static List<Double> numbers(String list) {
    return Arrays.stream(list.split(",")).map(Double::valueOf).toList();
  }

  private static String joined(List<Double> values) {
    return values.stream().map(InputScaling::number).collect(Collectors.joining(","));
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e6
        ? String.valueOf((long) value)
        : String.valueOf(value);
  }

  private static void require(boolean condition, String problem) {
    if (!condition) {
      throw MerlonException.configuration(
          "The normalisation " + problem, "Write it as mean=0.1307,std=0.3081.");
    }
  }
}

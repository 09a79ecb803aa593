package dev.merlon.actors.cli.option;

import dev.merlon.actors.job.IndexList;
import dev.merlon.actors.job.InputChoice;
import dev.merlon.actors.job.InputSource;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.onnx.ImageLayout;
import dev.merlon.model.onnx.InputScaling;
import dev.merlon.model.onnx.Threshold;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that choose inputs, of a data set or one picture, and say how the model takes them. */
public final class InputOptions {
  @Option(
      names = "--data",
      paramLabel = "KIND[:DIR]",
      completionCandidates = DataWords.class,
      description =
          "The inputs: mnist:DIR, cifar10:DIR, cifar100:DIR, tinyimagenet:DIR, folder:DIR (one"
              + " folder of images per class, or train/ and test/ with such folders), or demo.")
  private Optional<String> data = Optional.empty();

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      converter = SplitConverter.class,
      completionCandidates = SplitWords.class,
      description = "test (default) or train.")
  private Optional<DataSplit> split = Optional.empty();

  @Option(
      names = "--crop",
      paramLabel = "SIDE",
      description = "The square of SIDE pixels in the middle of every input. Default: all of it.")
  private Optional<Integer> crop = Optional.empty();

  @Option(
      names = "--first",
      paramLabel = "N",
      description = "Only the first N inputs. Default: all.")
  private Optional<Integer> first = Optional.empty();

  @Option(
      names = "--indices",
      paramLabel = "LIST",
      converter = IndexConverter.class,
      description = "Only these inputs, counted from 0, such as 5,9,20-40.")
  private Optional<IndexList> indices = Optional.empty();

  @Option(
      names = "--layout",
      paramLabel = "LAYOUT",
      converter = LayoutConverter.class,
      completionCandidates = LayoutWords.class,
      description =
          "How the model takes images: nchw (channel by channel) or nhwc (channels last)."
              + " Default: as the shape of its input shows.")
  private Optional<ImageLayout> layout = Optional.empty();

  @Option(
      names = "--normalize",
      paramLabel = "mean=M,std=S",
      description =
          "The model takes (pixel - mean) / std: one mean and one deviation, or one for each"
              + " channel, such as mean=0.49,0.48,0.45,std=0.25,0.24,0.26. Radii stay those of"
              + " pixels in [0,1]. Default: the model takes pixels.")
  private Optional<String> normalize = Optional.empty();

  @Option(
      names = "--input-range",
      paramLabel = "RANGE",
      completionCandidates = RangeWords.class,
      description =
          "Of the pixels that the model takes or --normalize is for: 0..1 (default) or 0..255.")
  private Optional<String> range = Optional.empty();

  @Option(
      names = "--threshold",
      paramLabel = "T",
      converter = ThresholdConverter.class,
      description =
          "For a model with one output: class 1 is what exceeds T. 0.5 for a probability (a sigmoid"
              + " at the end), 0 for a logit.")
  private Optional<Threshold> threshold = Optional.empty();

  @Option(
      names = "--image",
      paramLabel = "FILE",
      description = "One picture (PNG, JPEG or BMP) instead of --data; needs --label.")
  private Optional<Path> image = Optional.empty();

  @Option(
      names = "--label",
      paramLabel = "CLASS",
      description = "With --image: the picture's class, counted from 0.")
  private Optional<Integer> label = Optional.empty();

  /** The options that a question about inputs needs, and whether they are there. */
  public static Map<String, Boolean> needed(InputOptions inputs, ThreatOptions threats) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    boolean picture = inputs.image.isPresent() || inputs.label.isPresent();
    if (picture) {
      given.put("--image FILE", inputs.image.isPresent());
      given.put("--label CLASS", inputs.label.isPresent());
    } else {
      given.put("--data KIND[:DIR] or --image FILE", inputs.data.isPresent());
    }
    given.put("--norm NORM:EPS", threats.given());
    return given;
  }

  /** What the only output of a model is compared with. */
  public Optional<Threshold> threshold() {
    return threshold;
  }

  /** The names of the options that choose inputs and were used. */
  public List<String> used() {
    Map<String, Boolean> options = new LinkedHashMap<>();
    options.put("--data", data.isPresent());
    options.put("--image", image.isPresent());
    options.put("--label", label.isPresent());
    options.putAll(ofDataSet());
    options.put("--layout", layout.isPresent());
    options.put("--normalize", normalize.isPresent());
    options.put("--input-range", range.isPresent());
    return names(options);
  }

  /**
   * What was chosen, if what is {@link #needed} is there.
   *
   * @throws dev.merlon.config.failure.MerlonException (configuration) where options contradict each
   *     other
   */
  public InputChoice chosen() {
    if (first.isPresent() && indices.isPresent()) {
      throw MerlonException.configuration(
          "--first and --indices exclude each other", "Use one of them.");
    }
    Typed.requirePositive("--first", first);
    Typed.requirePositive("--crop", crop);
    var taken = new InputChoice.Taken(layout, InputScaling.parse(normalize, range), threshold);
    return new InputChoice(source(), crop, first, indices, taken);
  }

  private InputSource source() {
    if (image.isEmpty()) {
      return new InputSource.Stored(data.orElseThrow(), split.orElse(DataSplit.TEST));
    }
    Map<String, Boolean> others = new LinkedHashMap<>();
    others.put("--data", data.isPresent());
    others.putAll(ofDataSet());
    List<String> used = names(others);
    if (!used.isEmpty()) {
      throw MerlonException.configuration(
          "--image is one picture, which " + String.join(", ", used) + " cannot choose from",
          "Leave out one or the other.");
    }
    return new InputSource.OneImage(image.get(), label.orElseThrow());
  }

  private Map<String, Boolean> ofDataSet() {
    Map<String, Boolean> options = new LinkedHashMap<>();
    options.put("--split", split.isPresent());
    options.put("--crop", crop.isPresent());
    options.put("--first", first.isPresent());
    options.put("--indices", indices.isPresent());
    return options;
  }

  private static List<String> names(Map<String, Boolean> used) {
    return used.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).toList();
  }

  /** Reads {@code test}. */
  static final class SplitConverter implements ITypeConverter<DataSplit> {
    @Override
    public DataSplit convert(String text) {
      return Stream.of(DataSplit.TEST, DataSplit.TRAIN)
          .filter(split -> split.label().equals(text))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is no split: use test or train"));
    }
  }

  /** Reads {@code nhwc}. */
  static final class LayoutConverter implements ITypeConverter<ImageLayout> {
    @Override
    public ImageLayout convert(String text) {
      return Stream.of(ImageLayout.values())
          .filter(layout -> layout.word().equals(text))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("'" + text + "' is no layout: use nchw or nhwc"));
    }
  }

  /** Reads {@code 0.5}. */
  static final class ThresholdConverter implements ITypeConverter<Threshold> {
    @Override
    public Threshold convert(String text) {
      return Typed.value(text, Threshold::parse);
    }
  }

  /** Reads {@code 5,9,20-40}. */
  static final class IndexConverter implements ITypeConverter<IndexList> {
    @Override
    public IndexList convert(String text) {
      return Typed.value(text, IndexList::parse);
    }
  }
}

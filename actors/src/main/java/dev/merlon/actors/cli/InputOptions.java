package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.IndexList;
import dev.merlon.actors.cli.work.InputChoice;
import dev.merlon.model.data.DataSplit;
import dev.merlon.model.onnx.ImageLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that choose inputs of a data set. */
final class InputOptions {
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
      defaultValue = "test",
      description = "test (default) or train.")
  private DataSplit split = DataSplit.TEST;

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

  /** The options that a question about a data set needs, and whether they are there. */
  static Map<String, Boolean> needed(InputOptions inputs, ThreatOptions threats) {
    Map<String, Boolean> given = new LinkedHashMap<>();
    given.put("--data KIND[:DIR]", inputs.given());
    given.put("--norm NORM:EPS", threats.given());
    return given;
  }

  /** Whether it is said where inputs come from. */
  boolean given() {
    return data.isPresent();
  }

  /** Whether any of these options was used. */
  boolean used() {
    return given()
        || crop.isPresent()
        || first.isPresent()
        || indices.isPresent()
        || layout.isPresent();
  }

  /**
   * What was chosen, if {@link #given}.
   *
   * @throws dev.merlon.config.MerlonException (configuration) where options contradict each other
   */
  InputChoice chosen() {
    String source = data.orElseThrow();
    if (first.isPresent() && indices.isPresent()) {
      throw Typed.refused("--first and --indices exclude each other", "Use one of them.");
    }
    Typed.requirePositive("--first", first);
    Typed.requirePositive("--crop", crop);
    return new InputChoice(source, split, crop, first, indices, layout);
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

  /** Reads {@code 5,9,20-40}. */
  static final class IndexConverter implements ITypeConverter<IndexList> {
    @Override
    public IndexList convert(String text) {
      return Typed.value(text, IndexList::parse);
    }
  }
}

package dev.merlon.actors.cli.option;

import dev.merlon.model.norm.PerturbationSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Options that say what may be done to an input. */
public final class ThreatOptions {
  @Option(
      names = "--norm",
      paramLabel = "NORM:EPS",
      converter = ThreatConverter.class,
      completionCandidates = NormNames.class,
      description =
          "A perturbation: a norm (${COMPLETION-CANDIDATES}) and its radius on pixels in [0,1],"
              + " such as linf:8/255. Given several times, each input is also counted for their"
              + " union.")
  private List<PerturbationSet> balls = new ArrayList<>();

  @Option(
      names = "--threat",
      paramLabel = "KIND:SIZE",
      converter = ThreatConverter.class,
      completionCandidates = SetKeywords.class,
      description = "The same for a perturbation of any kind: ${COMPLETION-CANDIDATES}.")
  private List<PerturbationSet> others = new ArrayList<>();

  @Option(
      names = "--no-clip",
      description = "Take the whole ball. By default only its part in [0,1] counts.")
  private boolean noClip;

  /** What is given, clipped to {@code [0,1]} or not. */
  public List<PerturbationSet> threats() {
    return Stream.of(balls, others)
        .flatMap(List::stream)
        .map(set -> noClip ? PerturbationSet.parse(set.text(), false) : set)
        .toList();
  }

  /** Whether a perturbation is given. */
  boolean given() {
    return !balls.isEmpty() || !others.isEmpty();
  }

  /** The names of the options that were used. */
  public List<String> used() {
    return Stream.of(
            balls.isEmpty() ? "" : "--norm",
            others.isEmpty() ? "" : "--threat",
            noClip ? "--no-clip" : "")
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /** Reads {@code linf:8/255}. */
  static final class ThreatConverter implements ITypeConverter<PerturbationSet> {
    @Override
    public PerturbationSet convert(String text) {
      return Typed.value(text, word -> PerturbationSet.parse(word, true));
    }
  }
}

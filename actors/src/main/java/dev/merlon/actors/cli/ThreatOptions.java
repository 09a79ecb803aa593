package dev.merlon.actors.cli;

import dev.merlon.config.ThreatSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;

/** Options that say what may be done to an input. */
final class ThreatOptions {
  @Option(
      names = "--norm",
      paramLabel = "NORM:EPS",
      converter = ThreatConverter.class,
      completionCandidates = NormNames.class,
      description =
          "A perturbation: a norm (${COMPLETION-CANDIDATES}) and its radius on pixels in [0,1], such"
              + " as linf:8/255. Given several times, each input is also counted for their union.")
  private List<ThreatSpec> threats = new ArrayList<>();

  @Option(
      names = "--no-clip",
      description = "Take the whole ball. By default only its part in [0,1] counts.")
  private boolean noClip;

  List<ThreatSpec> threats() {
    return threats;
  }

  /** Whether a perturbation is given. */
  boolean given() {
    return !threats.isEmpty();
  }

  /** The names of the options that were used. */
  List<String> used() {
    return Stream.of(given() ? "--norm" : "", noClip ? "--no-clip" : "")
        .filter(name -> !name.isEmpty())
        .toList();
  }

  /** Whether only the part of a ball in {@code [0,1]} counts. */
  boolean clip() {
    return !noClip;
  }

  /** Reads {@code linf:8/255}. */
  static final class ThreatConverter implements ITypeConverter<ThreatSpec> {
    @Override
    public ThreatSpec convert(String text) {
      return Typed.value(text, ThreatSpec::parse);
    }
  }
}

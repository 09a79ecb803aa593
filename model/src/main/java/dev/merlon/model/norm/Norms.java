package dev.merlon.model.norm;

import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import java.util.List;
import java.util.stream.Collectors;

/** The norms that there are. */
public final class Norms {
  /** All norms, in the order in which they are reported. */
  public static final List<Norm> ALL = List.of(new LInf(), new L2());

  private Norms() {}

  static Norm named(String name) {
    return ALL.stream()
        .filter(norm -> norm.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new MerlonException(unknown(name)));
  }

  private static Failure unknown(String name) {
    String known = ALL.stream().map(Norm::name).collect(Collectors.joining(", "));
    return new Failure.Configuration(
        "There is no norm '" + name + "'.", "Use one of " + known + ".");
  }
}

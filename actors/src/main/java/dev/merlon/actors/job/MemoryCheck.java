package dev.merlon.actors.job;

import dev.merlon.actors.Amounts;
import dev.merlon.config.RunSettings;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.objective.CrownObjective;
import dev.merlon.model.training.MemoryEstimate;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Refuses a run that does not fit into memory, before anything is written. */
final class MemoryCheck {
  private static final String INTERVALS_INSTEAD =
      " crown keeps coefficients for every neuron; objective.kind=crown-ibp needs far less.";

  private MemoryCheck() {}

  /**
   * Compares an estimate with what the machine has.
   *
   * @param available bytes; empty where the operating system does not say
   * @throws MerlonException (configuration) with what to change
   */
  static void require(MemoryEstimate estimate, OptionalLong available) {
    if (available.isEmpty() || estimate.runBytes() <= available.getAsLong()) {
      return;
    }
    RunSettings settings = estimate.settings();
    throw MerlonException.configuration(
        String.format(
            Locale.ROOT,
            "Training %s needs about %s of memory in batches of %d images, %s is available",
            settings.name(),
            Amounts.bytes(estimate.runBytes()),
            estimate.microBatch(),
            Amounts.bytes(available.getAsLong())),
        remedy(settings, estimate.fittingAccumulate(available.getAsLong())));
  }

  private static String remedy(RunSettings settings, OptionalInt accumulate) {
    String remedy =
        accumulate.isPresent()
            ? String.format(
                Locale.ROOT,
                "Set optimizer.accumulate=%d, or lower batch-size.",
                accumulate.getAsInt())
            : smaller(settings) + ", or free memory.";
    return settings.objective() instanceof CrownObjective ? remedy + INTERVALS_INSTEAD : remedy;
  }

  private static String smaller(RunSettings settings) {
    return settings.startModel().isEmpty()
        ? "Choose a smaller network, such as a lower network.width"
        : "Start from a smaller network";
  }
}

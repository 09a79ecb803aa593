package dev.merlon.actors.cli.work;

import dev.merlon.actors.Amounts;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.ProgressDisplay;
import dev.merlon.actors.event.CasesProgress;
import dev.merlon.actors.event.CertificationProgress;
import dev.merlon.model.verify.count.Share;
import dev.merlon.model.verify.count.Summary;
import dev.merlon.model.verify.count.ThreatSummary;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Shows the progress of a certification, with the accuracies over the inputs answered so far.
 * Thread-safe.
 */
final class CertificationView implements AutoCloseable {
  private static final int FEW = 32;

  private final Console console;
  private Measure measure = Measure.CERTIFIED;
  private Optional<ProgressDisplay> progress = Optional.empty();
  private final List<Verdict> fresh = new ArrayList<>();

  CertificationView(Console console) {
    this.console = console;
  }

  /** Begins to show a certification, or an attack. */
  synchronized void begin(Measure shown) {
    measure = shown;
    fresh.clear();
  }

  /** Which accuracies are shown. */
  enum Measure {
    /** Inputs that are proved. */
    CERTIFIED("Certifying"),
    /** Correct inputs without a known counterexample. */
    SURVIVING("Attacking");

    private final String work;

    Measure(String work) {
      this.work = work;
    }

    private int of(ThreatSummary threat) {
      return switch (this) {
        case CERTIFIED -> threat.count(Outcome.Kind.CERTIFIED);
        case SURVIVING -> threat.adversarial().map(Share::counted).orElse(0);
      };
    }

    private int ofUnion(Summary summary) {
      return switch (this) {
        case CERTIFIED -> summary.union().counted();
        case SURVIVING -> summary.surviving().map(Share::counted).orElse(0);
      };
    }
  }

  /** Shows what happened to the cases of a file. */
  synchronized void show(CasesProgress event) {
    String note =
        Arrays.stream(Outcome.Kind.values())
            .filter(kind -> event.kinds().getOrDefault(kind, 0) > 0)
            .map(kind -> kind.word() + " " + event.kinds().get(kind))
            .collect(Collectors.joining(", "));
    display("cases", event.done(), event.total()).at(event.done(), note);
  }

  /** Shows what happened. */
  synchronized void show(CertificationProgress event) {
    display("verdicts", event.done(), event.total()).at(event.done(), note(event.summary()));
    if (event.total() <= FEW) {
      fresh.addAll(event.fresh());
    }
  }

  private ProgressDisplay display(String unit, long done, long total) {
    ProgressDisplay display =
        progress.orElseGet(() -> ProgressDisplay.on(console, measure.work, unit, done, total));
    progress = Optional.of(display);
    return display;
  }

  /** Writes a line of talk without disturbing the display. */
  synchronized void say(String line) {
    progress.ifPresentOrElse(display -> display.say(line), () -> console.say(line));
  }

  /** The verdicts in the order of their arrival; none where many were asked for. */
  synchronized List<Verdict> fresh() {
    return List.copyOf(fresh);
  }

  @Override
  public synchronized void close() {
    progress.ifPresent(ProgressDisplay::close);
    progress = Optional.empty();
  }

  private String note(Summary summary) {
    List<String> parts = new ArrayList<>();
    Share natural = summary.natural();
    part(parts, "natural", natural.counted(), natural.of() - natural.open());
    for (ThreatSummary threat : summary.threats()) {
      int answered = threat.inputs() - threat.pending();
      part(parts, threat.name(), measure.of(threat), answered);
    }
    if (summary.threats().size() > 1) {
      part(parts, "union", measure.ofUnion(summary), summary.answered());
    }
    return String.join(", ", parts);
  }

  private static void part(List<String> parts, String name, int counted, int answered) {
    if (answered > 0) {
      parts.add(name + " " + Amounts.percent((double) counted / answered));
    }
  }
}

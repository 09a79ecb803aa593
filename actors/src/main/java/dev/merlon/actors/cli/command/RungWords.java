package dev.merlon.actors.cli.command;

import dev.merlon.config.evaluation.EvaluationSettings;
import java.util.Iterator;

/** The rungs that may be asked for, from cheap to expensive, for help texts and completion. */
final class RungWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return EvaluationSettings.RUNGS.iterator();
  }
}

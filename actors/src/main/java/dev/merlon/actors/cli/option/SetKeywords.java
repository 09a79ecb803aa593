package dev.merlon.actors.cli.option;

import dev.merlon.model.norm.SetKinds;
import java.util.Iterator;

/** What perturbation sets begin with, for help texts and completion. */
final class SetKeywords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return SetKinds.keywords().iterator();
  }
}

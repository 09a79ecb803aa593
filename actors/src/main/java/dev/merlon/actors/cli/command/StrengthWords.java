package dev.merlon.actors.cli.command;

import dev.merlon.config.attack.AttackStrength;
import java.util.Iterator;

/** The names of attack strengths, for help texts and completion. */
final class StrengthWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return AttackStrength.words().iterator();
  }
}

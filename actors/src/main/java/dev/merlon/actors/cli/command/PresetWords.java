package dev.merlon.actors.cli.command;

import dev.merlon.config.Presets;
import dev.merlon.config.Presets.Preset;
import java.util.Iterator;

/** The names of presets, for completion. */
final class PresetWords implements Iterable<String> {
  @Override
  public Iterator<String> iterator() {
    return Presets.list().stream().map(Preset::name).iterator();
  }
}

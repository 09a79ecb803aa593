package dev.merlon.tests.sets;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.config.value.Radius;
import dev.merlon.model.norm.PerturbationSet;
import dev.merlon.model.norm.SetKind;
import java.util.List;

/** Sets such as {@code brightness:0.1}. */
public final class BrightnessKind implements SetKind {
  static final String KEYWORD = "brightness";

  @Override
  public List<String> keywords() {
    return List.of(KEYWORD);
  }

  @Override
  public PerturbationSet parse(String text, boolean clip) {
    if (!clip) {
      throw MerlonException.configuration(
          "Perturbation '" + text + "' has points in [0,1] only", "Leave out --no-clip.");
    }
    return Radius.parse(text.substring(KEYWORD.length() + 1))
        .filter(most -> most.value() > 0 && most.value() <= 1)
        .map(most -> new Brightness(most, Brightness.Flaw.NONE))
        .orElseThrow(
            () ->
                MerlonException.configuration(
                    "Perturbation '" + text + "' has no change between 0 and 1",
                    "Write brightness:0.1."));
  }

  @Override
  public PerturbationSet read(JsonNode line) {
    return parse(line.get("set").asText(), true);
  }
}

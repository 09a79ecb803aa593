package dev.merlon.model.verify.soundness;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;
import java.util.function.Function;

/** The suite as code with a planted bug runs it, until it finds something. */
public final class PlantedRun implements Function<String, String> {
  /** For the loader. */
  public PlantedRun() {}

  /**
   * What the suite found first; empty if nothing.
   *
   * @param arguments a name of {@link PlantedBug.Rungs}, a space, and how many models it may try
   */
  @Override
  public String apply(String arguments) {
    String[] words = arguments.split(" ", -1);
    int models = Integer.parseInt(words[1]);
    List<Rung> climbed =
        switch (PlantedBug.Rungs.valueOf(words[0])) {
          case ALL -> List.of(Rung.values());
          case BOUNDS -> List.of(Rung.IBP, Rung.CROWN_IBP, Rung.CROWN);
          case BRANCHING -> List.of(Rung.BAB);
        };
    VerifierSuite suite = new VerifierSuite(climbed);
    try {
      for (int seed = 0; seed < models && suite.total().violations().isEmpty(); seed++) {
        suite.run(seed);
      }
    } catch (MerlonException refused) {
      // The product's own check of a model has noticed the bug before any verdict.
      return refused.getMessage();
    }
    return suite.total().violations().stream().findFirst().orElse("");
  }
}

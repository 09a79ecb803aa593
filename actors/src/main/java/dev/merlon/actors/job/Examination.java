package dev.merlon.actors.job;

import dev.merlon.model.norm.PerturbationSet;
import java.nio.file.Path;
import java.util.List;

/**
 * What is asked about a model's answers.
 *
 * @param model the file
 * @param threats what may be done to each input; what is given twice counts once
 */
public record Examination(Path model, InputChoice inputs, List<PerturbationSet> threats) {
  /** Leaves out what is given twice. */
  public Examination {
    threats = threats.stream().distinct().toList();
  }
}

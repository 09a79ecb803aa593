package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.Examination;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say where verdicts go and how the work is done. */
final class OutputOptions {
  @Option(
      names = "--out",
      paramLabel = "FILE.jsonl",
      description = "Write every verdict as one line of JSON.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--resume", description = "Go on with the verdicts that --out already holds.")
  private boolean resume;

  @Option(
      names = "--verifiers",
      paramLabel = "N",
      description = "How many verifiers work at once, each with the model in memory. Default: 1.")
  private Optional<Integer> verifiers = Optional.empty();

  @Mixin private AnswerOptions answer = new AnswerOptions();

  /**
   * What was chosen.
   *
   * @throws dev.merlon.config.MerlonException (configuration) where options contradict each other
   */
  Examination.Conduct chosen() {
    if (resume && out.isEmpty()) {
      throw Typed.refused("--resume needs the verdicts to go on with", "Add --out FILE.jsonl.");
    }
    Typed.requirePositive("--verifiers", verifiers);
    return new Examination.Conduct(out, resume, Set.of(), verifiers, answer.seed());
  }

  boolean json() {
    return answer.json();
  }
}

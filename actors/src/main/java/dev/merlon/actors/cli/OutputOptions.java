package dev.merlon.actors.cli;

import dev.merlon.actors.cli.work.Examination;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
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

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Keys the start points of attacks. Default: 0.")
  private long seed;

  @Option(names = "--json", description = "Print one JSON object with the results at the end.")
  private boolean json;

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
    return new Examination.Conduct(out, resume, Set.of(), verifiers, seed);
  }

  boolean json() {
    return json;
  }
}

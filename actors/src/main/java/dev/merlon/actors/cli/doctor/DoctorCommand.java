package dev.merlon.actors.cli.doctor;

import dev.merlon.actors.cli.option.Version;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.terminal.Json;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.ExitCode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows whether Merlon can work on this machine. */
@Command(
    name = "doctor",
    description = {
      "Check that Merlon can work here: Java, memory, cores, the tensor engine and its devices,"
          + " ONNX Runtime and its providers, one small computation on each, and one small query to"
          + " every rung of the verifier."
    },
    optionListHeading = "%nOptions:%n",
    footer = {"", "Exit code 3 if anything fails that Merlon cannot work without."})
public final class DoctorCommand implements Callable<Integer> {
  private final CommandContext context;

  @Option(names = "--json", description = "Print one JSON object instead of lines.")
  private boolean json;

  /** The command, run in this process. */
  public DoctorCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    Console console = context.console();
    var diagnosis = new Diagnosis(MachineChecks.all(context.log()));
    List<Finding> findings = diagnosis.run(json ? finding -> {} : this::show);
    boolean well = findings.stream().allMatch(finding -> finding.ok() || !finding.essential());
    if (json) {
      console.print(Json.line(report(findings, well)));
    }
    return (well ? ExitCode.DONE : ExitCode.FAILED).value();
  }

  private void show(Finding finding) {
    Console console = context.console();
    console.print(
        console.outAnsi().string(word(finding))
            + "  %-13s  %s".formatted(finding.name(), finding.detail()));
  }

  private static String word(Finding finding) {
    if (finding.ok()) {
      return "@|green ok    |@";
    }
    return finding.essential() ? "@|bold,red failed|@" : "@|yellow warn  |@";
  }

  private static Map<String, ?> report(List<Finding> findings, boolean well) {
    var report = new LinkedHashMap<String, Object>();
    report.put("version", Version.current());
    report.put("ok", well);
    report.put("checks", findings);
    return report;
  }
}

package dev.merlon.actors.cli;

import dev.merlon.actors.cli.command.AttackCommand;
import dev.merlon.actors.cli.command.CertifyCommand;
import dev.merlon.actors.cli.command.DataCommand;
import dev.merlon.actors.cli.command.DemoCommand;
import dev.merlon.actors.cli.command.FetchCommand;
import dev.merlon.actors.cli.command.PresetsCommand;
import dev.merlon.actors.cli.command.ReportCommand;
import dev.merlon.actors.cli.command.StoreCommand;
import dev.merlon.actors.cli.command.StoreListCommand;
import dev.merlon.actors.cli.command.StorePruneCommand;
import dev.merlon.actors.cli.command.StoreShowCommand;
import dev.merlon.actors.cli.command.StoreVerifyCommand;
import dev.merlon.actors.cli.command.TrainCommand;
import dev.merlon.actors.cli.command.VerifyCommand;
import dev.merlon.actors.cli.completion.CompletionCommand;
import dev.merlon.actors.cli.doctor.DoctorCommand;
import dev.merlon.actors.cli.option.Version;
import dev.merlon.actors.cli.terminal.Console;
import dev.merlon.actors.cli.work.CommandContext;
import dev.merlon.actors.cli.work.ExitCode;
import dev.merlon.actors.cli.work.Interrupts;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/**
 * The command line without the process around it: runs one command on given streams and returns the
 * exit code. One instance runs one command.
 */
public final class Application {
  private final CommandContext context;

  /** An application that writes to this console and is stopped through these interrupts. */
  public Application(Console console, Interrupts interrupts) {
    this(CommandContext.ofProcess(console, interrupts, Version.current()));
  }

  Application(CommandContext context) {
    this.context = context;
  }

  /**
   * Runs a command.
   *
   * @param arguments as typed after {@code merlon}
   * @return the exit code, one of {@link ExitCode}
   */
  public int run(List<String> arguments) {
    CommandLine merlon = commandLine();
    if (arguments.isEmpty()) {
      merlon.usage(context.console().err(), context.console().errAnsi());
      return ExitCode.USAGE.value();
    }
    try {
      return merlon.execute(arguments.toArray(String[]::new));
    } catch (LinkageError | VirtualMachineError | AssertionError broken) {
      return new FailureMessages(context).report("merlon", broken).value();
    } finally {
      context.log().close();
    }
  }

  /** The whole tree of commands. */
  CommandLine commandLine() {
    Console console = context.console();
    CommandLine merlon = new CommandLine(new MerlonCommand());
    merlon.addSubcommand(new DemoCommand(context));
    merlon.addSubcommand(new TrainCommand(context));
    merlon.addSubcommand(new CertifyCommand(context));
    merlon.addSubcommand(new VerifyCommand(context));
    merlon.addSubcommand(new ReportCommand(context));
    merlon.addSubcommand(new AttackCommand(context));
    merlon.addSubcommand(
        new CommandLine(new DataCommand()).addSubcommand(new FetchCommand(context)));
    merlon.addSubcommand(
        new CommandLine(new StoreCommand())
            .addSubcommand(new StoreListCommand(context))
            .addSubcommand(new StoreShowCommand(context))
            .addSubcommand(new StoreVerifyCommand(context))
            .addSubcommand(new StorePruneCommand(context)));
    merlon.addSubcommand(new PresetsCommand(console));
    merlon.addSubcommand(new DoctorCommand(context));
    merlon.addSubcommand(new CompletionCommand(console));
    merlon.setOut(new PrintWriter(console.out(), true, StandardCharsets.UTF_8));
    merlon.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    merlon.setHelpFactory(SpacedHelp::new);
    merlon.setColorScheme(Help.defaultColorScheme(console.outAnsi()));
    merlon.setUsageHelpWidth(Math.min(console.width(), Console.PLAIN_WIDTH));
    merlon.setUsageHelpLongOptionsMaxWidth(30);
    merlon.setCaseInsensitiveEnumValuesAllowed(true);
    merlon.setParameterExceptionHandler(new UsageMessages(console));
    merlon.setExecutionExceptionHandler(new FailureMessages(context));
    return merlon;
  }
}

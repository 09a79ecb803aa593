package dev.merlon.actors.cli;

import dev.merlon.proto.Digests;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs one command after the other in a process whose locale is the JVM's, below the folder that is
 * its argument, and prints what must not depend on it: exit codes, digests of results, and every
 * line with a digit that is none of ASCII's.
 */
final class LocaleCommands {
  /** What its lines begin with. */
  static final String MARK = "> ";

  private static final Pattern FOREIGN = Pattern.compile("[\\p{Nd}&&[^0-9]]");
  // Times, and checksums of lines that hold them.
  private static final Pattern TIMES =
      Pattern.compile(
          "\"(millis|seconds|images-per-second)\": *[0-9.eE-]+|\"crc\": *\"[0-9a-f]+\"");
  private static final String TIMED = ".*(sessions\\.jsonl|speed\\.svg)";
  private static final List<String> COMMANDS =
      List.of(
          "train demo --run-dir HOME/run --set epochs=2 --set schedule.end-epoch=1"
              + " --set optimizer.decay-epochs=[] --set data.train-limit=128 --set network.width=2"
              + " --set objective.attack.steps=1 --set evaluation.first-n=3"
              + " --set evaluation.rungs=ibp,crown-ibp,crown",
          "doctor",
          "presets",
          "certify HOME/run/final.onnx --data demo --norm linf:0.02 --norm l2:0.1 --first 2"
              + " --out HOME/verdicts.jsonl",
          "attack HOME/run/final.onnx --data demo --norm linf:0.1 --first 5 --steps 2",
          "verify HOME/run/final.onnx HOME/property.vnnlib --timeout 2min");

  private final Path home;

  private LocaleCommands(Path home) {
    this.home = home;
  }

  public static void main(String[] arguments) throws IOException {
    new LocaleCommands(Path.of(arguments[0])).runAll();
  }

  private void runAll() throws IOException {
    say("locale " + Locale.getDefault() + String.format(Locale.getDefault(), " %,.1f", 1234.5));
    Files.writeString(home.resolve("property.vnnlib"), property());
    COMMANDS.forEach(this::run);
    try (Stream<Path> all = Files.walk(home)) {
      for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
        show(file);
      }
    }
  }

  private void run(String command) {
    String[] words = command.replace("HOME", home.toString()).split(" +");
    CapturedRun run = CapturedRun.of(home, words);
    say(words[0] + " " + run.code());
    if (run.code() != 0) {
      say(run.err());
    }
    foreign(words[0], run.out() + run.err());
  }

  private void show(Path file) throws IOException {
    String name = home.relativize(file).toString();
    if (name.endsWith(".onnx")) {
      say(name + " " + Digests.ofFile(file));
    } else if (!name.matches(TIMED) && name.matches(".*\\.(jsonl|conf|svg)")) {
      String text = TIMES.matcher(Files.readString(file)).replaceAll("");
      // Verdicts are written as they are found.
      say(name + " " + Digests.of(text.lines().sorted().collect(Collectors.joining("\n"))));
      foreign(name, text);
    } else if (name.matches(".*\\.(md|html|csv|log|svg|jsonl)")) {
      foreign(name, Files.readString(file));
    }
  }

  /** A line of its own kind among those of libraries. */
  private static void say(String line) {
    System.out.println(MARK + line);
  }

  private static void foreign(String where, String text) {
    text.lines()
        .filter(line -> FOREIGN.matcher(line).find())
        .forEach(line -> say("foreign digits in " + where + ": " + line));
  }

  private static String property() {
    var text = new StringBuilder();
    for (int i = 0; i < 28 * 28; i++) {
      text.append("(declare-const X_").append(i).append(" Real)");
      text.append("(assert (>= X_").append(i).append(" 0.5))");
      text.append("(assert (<= X_").append(i).append(" 0.501))\n");
    }
    for (int k = 0; k < 10; k++) {
      text.append("(declare-const Y_").append(k).append(" Real)");
    }
    return text.append("(assert (>= Y_0 1000))\n").toString();
  }
}

package dev.merlon.actors.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that Merlon computes, writes or says follows the language of its user. */
class LocalesTest {
  @TempDir private Path folder;

  @Test
  void commands_underLocalesWithOtherDigitsAndLetters_giveTheSame()
      throws IOException, InterruptedException {
    List<String> english = lines("en", "US");
    List<String> turkish = lines("tr", "TR");
    List<String> arabic = lines("ar", "EG");

    assertThat(english.get(0)).isEqualTo("locale en_US 1,234.5");
    assertThat(turkish.get(0)).isEqualTo("locale tr_TR 1.234,5");
    assertThat(arabic.get(0)).isEqualTo("locale ar_EG \u0661\u066c\u0662\u0663\u0664\u066b\u0665");
    assertThat(english)
        .contains("train 0", "doctor 0", "presets 0", "certify 0", "attack 0", "verify 0")
        .anyMatch(line -> line.startsWith("run/final.onnx "))
        .anyMatch(line -> line.startsWith("run/metrics.jsonl "))
        .anyMatch(line -> line.startsWith("run/report/figures/loss.svg "))
        .noneMatch(line -> line.startsWith("foreign"));
    assertThat(results(turkish)).isEqualTo(results(english));
    assertThat(results(arabic)).isEqualTo(results(english));
  }

  private static List<String> results(List<String> lines) {
    return lines.subList(1, lines.size());
  }

  private List<String> lines(String language, String country)
      throws IOException, InterruptedException {
    Path home = Files.createDirectory(folder.resolve(language));
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=" + language,
                "-Duser.country=" + country,
                "-Dstdout.encoding=UTF-8",
                "-Dsun.stdout.encoding=UTF-8",
                "-Dfile.encoding=UTF-8",
                "-Xmx1g",
                "-Xss8m",
                "-XX:+UseParallelGC",
                "-XX:TieredStopAtLevel=1",
                "-Dai.djl.offline=true",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                LocaleCommands.class.getName(),
                home.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      List<String> lines =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
              .lines()
              .filter(line -> line.startsWith(LocaleCommands.MARK))
              .map(line -> line.substring(LocaleCommands.MARK.length()))
              .toList();
      assertThat(process.waitFor()).as("%s", lines).isZero();
      return lines;
    } finally {
      process.destroyForcibly();
    }
  }
}

package dev.merlon.model.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.merlon.config.home.MerlonHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Measures native memory in a process of its own: memory that other tests have freed, but the
 * process keeps, would hide growth.
 */
public final class OwnProcess {
  private OwnProcess() {}

  /**
   * Runs a main class to its end, which has to be a good one.
   *
   * @param options further options of its JVM
   * @return what it printed
   */
  public static String run(Class<?> main, String... options)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.language=" + Locale.getDefault().getLanguage(),
                "-Duser.country=" + Locale.getDefault().getCountry(),
                "-Xmx512m",
                "-Xss2m",
                "-XX:+UseParallelGC",
                "-Dai.djl.offline=true"));
    Collections.addAll(command, options);
    Collections.addAll(command, "-cp", System.getProperty("java.class.path"), main.getName());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Native libraries that are unpacked once serve all, also where there is no home folder.
    builder.environment().put(MerlonHome.VARIABLE, MerlonHome.ofProcess().folder().toString());
    Process process = builder.start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }
}

package dev.merlon.actors;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;

/** The form of lines in logs, of this process and of children. */
public final class LogLines {
  private static final String PATTERN = "%d{ISO8601} %-5level [%thread] %logger{36} - %msg%n";

  private LogLines() {}

  /** What writes them, started. */
  public static PatternLayoutEncoder encoder(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }
}

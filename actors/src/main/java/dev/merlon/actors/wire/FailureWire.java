package dev.merlon.actors.wire;

import dev.merlon.config.failure.Failure;
import dev.merlon.proto.FailureReport;

/** Failures as messages: what a person is told crosses a process, and no Throwable does. */
public final class FailureWire {
  private FailureWire() {}

  /** The message of a failure. */
  public static FailureReport report(Failure failure) {
    return FailureReport.newBuilder()
        .setCode(failure.code())
        .setMessage(failure.message())
        .setRemedy(failure.remedy())
        .build();
  }

  /** The failure of a message. One of an unknown code is a fault of Merlon. */
  public static Failure failure(FailureReport report) {
    String message = report.getMessage();
    String remedy = report.getRemedy();
    return switch (report.getCode()) {
      case "configuration" -> new Failure.Configuration(message, remedy);
      case "data" -> new Failure.Data(message, remedy);
      case "numeric" -> new Failure.Numeric(message, remedy);
      case "device" -> new Failure.Device(message, remedy);
      case "model-format" -> new Failure.ModelFormat(message, remedy);
      case "network" -> new Failure.Network(message, remedy);
      case "cancelled" -> new Failure.Cancelled(message, remedy);
      default -> new Failure.Internal(message, remedy);
    };
  }
}

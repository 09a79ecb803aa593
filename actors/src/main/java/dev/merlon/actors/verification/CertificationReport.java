package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ModelUse;
import dev.merlon.model.verify.count.Requirement;
import dev.merlon.model.verify.count.Summary;
import java.time.Duration;
import java.util.Optional;

/**
 * How a certification ended.
 *
 * @param model what the model is called
 * @param sha256 of its file
 * @param data digest of the data set that the inputs are of
 * @param use what is done around the file's graph
 * @param summary the verdicts; not complete if it was cancelled or a gate stopped it
 * @param reused what was known before
 * @param decision what the gate says, if there is one
 * @param elapsed from start to end
 */
public record CertificationReport(
    String model,
    String sha256,
    String data,
    ModelUse use,
    Summary summary,
    Reused reused,
    Optional<Requirement.Decision> decision,
    Duration elapsed) {}

package dev.merlon.actors.verification;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;

/**
 * A property to answer.
 *
 * @param model the file, as it was read
 * @param effort how hard to try; its time limit begins when the request is made
 */
public record PropertyRequest(ImportedModel model, VnnLibProperty property, Effort effort) {}

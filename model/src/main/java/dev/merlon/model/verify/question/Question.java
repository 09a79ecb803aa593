package dev.merlon.model.verify.question;

import dev.merlon.model.norm.PerturbationSet;

/**
 * What is asked about an input.
 *
 * @param set everything the adversary may do
 * @param guarantee what a certificate would be about
 */
public record Question(PerturbationSet set, Guarantee guarantee) {}

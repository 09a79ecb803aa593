package dev.merlon.model.verify.verdict;

/**
 * What proved a certificate, for whoever wants to check it again; a certificate knows nothing about
 * it but whether it was kept.
 */
public interface Proof {}

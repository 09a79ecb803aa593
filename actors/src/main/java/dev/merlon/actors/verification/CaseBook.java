package dev.merlon.actors.verification;

import dev.merlon.model.store.Facts;
import dev.merlon.model.verify.Query;
import dev.merlon.model.verify.Verdict;
import dev.merlon.model.verify.cases.VerificationCase;
import java.util.Iterator;
import java.util.List;

/** The cases of one model, whose verdicts go into the ledger of all. */
final class CaseBook implements QueryBook<CaseCounts> {
  private final CaseLedger ledger;
  private final CaseRequest request;
  private final Facts facts;
  private List<VerificationCase> open = List.of();

  CaseBook(CaseLedger ledger, CaseRequest request, Facts facts) {
    this.ledger = ledger;
    this.request = request;
    this.facts = facts;
  }

  @Override
  public void begin() {
    open = ledger.open(request.group(), request.model().sha256(), facts);
  }

  @Override
  public Iterator<Query> open() {
    return open.stream().map(ledger::query).iterator();
  }

  @Override
  public boolean record(List<Verdict> fresh) {
    ledger.record(request.group(), request.model().sha256(), facts.record(fresh));
    return true;
  }

  @Override
  public CaseCounts report() {
    return ledger.counts();
  }

  /** The ledger goes on with other models. */
  @Override
  public void close() {
    facts.close();
  }
}

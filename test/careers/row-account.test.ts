import assert from "node:assert/strict";
import { RowAccount } from "labor-llm/dist/careers/row-account";

describe("an account of rows", () => {
  it("adds up: read = used + dropped by reason", () => {
    const account = new RowAccount("person-years");
    account.use(5);
    account.drop("without an occupation", 2);
    account.drop("after the last interview");
    account.drop("without an occupation");
    account.drop("never", 0);
    assert.equal(account.read, 9);
    assert.deepEqual(account.dropped, [
      { reason: "without an occupation", rows: 3 },
      { reason: "after the last interview", rows: 1 },
    ]);
    account.note(3, "rows with an assumed degree");
    account.note(0, "rows of no interest");
    assert.match(String(account), /^9 person-years read, 5 used, 4 dropped\n {2}3 without an occupation\n/);
    assert.match(String(account), /\n {2}note: 3 rows with an assumed degree$/);
    assert.equal(account.toJSON().notes?.length, 1);
  });
});

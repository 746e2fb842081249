//! The database of an earlier process.

use crate::fixture::Fixture;
use anyhow::Result;

#[tokio::test]
async fn what_was_written_is_there_when_opened_again() -> Result<()> {
    let fixture = Fixture::sqlite().await?;
    let added = fixture.add(Some("cat"), 0..1).await?;
    let again = fixture.reopen().await?;
    assert_eq!(again.image(fixture.owner, added[0].image.id).await?, added[0].image);
    Ok(())
}
